"""Which pipelines and stages there are, and what may be changed of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from edgewise.data import hubspot_types
from edgewise.data.pipelines import default_pipelines
from edgewise.domain import pipeline_changes as rules
from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import DomainError
from edgewise.domain.errors_pipelines import (
    ClosedStageMissing,
    InvalidDisplayOrder,
    InvalidPipelineText,
    InvalidStageMetadata,
    PipelineIdTaken,
    PipelineIdTakenElsewhere,
    PipelineLabelTaken,
    PipelineNotFound,
    StageIdTaken,
    StageIdTakenElsewhere,
    StageLabelTaken,
    StageNotFound,
    StagesMissing,
    TooManyPipelines,
    TooManyStages,
)
from edgewise.domain.pipeline_changes import NewPipeline, NewStage, Place, StageChange
from edgewise.domain.pipelines import (
    FIRST_NUMBER,
    Held,
    Pipeline,
    PipelinesChange,
    Stage,
    pipelines_of,
    stage_property,
)

CATALOG = Catalog(hubspot_types())
DEALS, TICKETS, ORDERS = (CATALOG.object_type(name) for name in ("deals", "tickets", "orders"))
AT = 1_790_000_000_000
DEFAULTS = default_pipelines()
NOTHING = Held({})
OPEN, WON = (
    NewStage("Open", 0, {"probability": "0.5"}, "open"),
    NewStage("Won", 1, {"probability": "1"}, "won"),
)
SALES = NewPipeline("Sales", 3, (OPEN, WON), "sales")


def _place(object_type: Any = DEALS, held: Held = NOTHING, at: int = AT) -> Place:
    return Place(DEFAULTS, held, object_type, at)


def _after(change: PipelinesChange, held: Held = NOTHING) -> Held:
    kept = {each.pipeline_id: each for each in held.by_type.get(change.object_type, ())}
    kept |= {each.pipeline_id: each for each in change.put}
    left = [kept[i] for i in sorted(kept) if i not in change.removed]
    by_type = {**held.by_type, change.object_type: left}
    return Held(by_type, max(held.next_number, change.next_number))


def _with_sales(*stages: NewStage, object_type: Any = DEALS) -> Held:
    new = SALES._replace(stages=stages or SALES.stages)
    return _after(rules.create_pipeline(_place(object_type), new))


def _stages(pipeline: Pipeline) -> list[tuple[str, int]]:
    return [(stage.stage_id, stage.display_order) for stage in pipeline.stages]


def test_a_portal_starts_with_the_pipelines_that_hubspot_defines():
    [deals] = pipelines_of(DEFAULTS, NOTHING, DEALS)
    assert (deals.pipeline_id, deals.label) == ("default", "Sales Pipeline")
    assert [stage.stage_id for stage in deals.stages] == [
        "appointmentscheduled", "qualifiedtobuy", "presentationscheduled", "decisionmakerboughtin",
        "contractsent", "closedwon", "closedlost",
    ]  # fmt: skip
    assert {stage.metadata["isClosed"] for stage in deals.stages[:5]} == {"false"}
    assert [stage.metadata["probability"] for stage in deals.stages[5:]] == ["1.0", "0.0"]
    [tickets] = pipelines_of(DEFAULTS, NOTHING, TICKETS)
    assert (tickets.pipeline_id, _stages(tickets)) == ("0", [("1", 0), ("2", 1), ("3", 2), ("4", 3)])
    assert tickets.stages[3].metadata == {"isClosed": "true", "ticketState": "CLOSED"}
    assert pipelines_of(DEFAULTS, NOTHING, ORDERS) == []


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("deals", "dealstage"), ("tickets", "hs_pipeline_stage"), ("contacts", "lifecyclestage")],
)
def test_the_stage_of_a_record_is_a_property(name: str, wanted: str):
    assert stage_property(CATALOG.object_type(name)) == wanted


def test_a_new_pipeline_has_its_stages_in_the_order_of_their_places():
    change = rules.create_pipeline(_place(), SALES._replace(stages=(WON, OPEN)))
    [made] = change.put
    assert (made.pipeline_id, made.label, made.display_order) == ("sales", "Sales", 3)
    assert _stages(made) == [("open", 0), ("won", 1)]
    assert {made.created_at, made.updated_at, *(s.created_at for s in made.stages)} == {AT}
    assert change.unused is None


def test_what_nobody_names_gets_numbers_that_are_never_given_twice():
    new = SALES._replace(pipeline_id=None, stages=(OPEN._replace(stage_id=None), WON._replace(stage_id=None)))
    change = rules.create_pipeline(_place(), new)
    assert change.put[0].pipeline_id == str(FIRST_NUMBER)
    assert [stage.stage_id for stage in change.put[0].stages] == [
        str(FIRST_NUMBER + 1),
        str(FIRST_NUMBER + 2),
    ]
    assert change.next_number == FIRST_NUMBER + 3
    again = rules.create_pipeline(_place(held=_after(change)), new._replace(label="Other"))
    assert again.put[0].pipeline_id == str(FIRST_NUMBER + 3)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("0.50", "0.5"), ("1", "1.0"), ("0", "0.0"), ("0.2", "0.2"), (".5", "0.5"), ("1.", "1.0")],
)
def test_a_probability_is_kept_as_it_is_told(sent: str, kept: str):
    stages = (OPEN._replace(metadata={"probability": sent, "isClosed": "maybe", "colour": "red"}),)
    [pipeline] = rules.create_pipeline(_place(), SALES._replace(stages=stages)).put
    is_closed = "true" if kept in ("0.0", "1.0") else "false"
    assert pipeline.stages[0].metadata == {"isClosed": is_closed, "probability": kept}


@pytest.mark.parametrize("sent", ["1.1", "-0.1", "x", "", "nan", "1e-1", None])
def test_a_probability_is_from_nothing_to_one(sent: str | None):
    stages = (OPEN._replace(metadata={} if sent is None else {"probability": sent}),)
    with pytest.raises(InvalidStageMetadata) as refused:
        rules.create_pipeline(_place(), SALES._replace(stages=stages))
    assert (refused.value.key, refused.value.text) == ("probability", sent)


def test_a_ticket_is_open_unless_it_is_said_to_be_closed():
    stages = (NewStage("A", 0, {}), NewStage("B", 1, {"ticketState": "CLOSED"}))
    [pipeline] = rules.create_pipeline(_place(TICKETS), SALES._replace(stages=stages)).put
    assert [stage.metadata for stage in pipeline.stages] == [
        {"isClosed": "false", "ticketState": "OPEN"}, {"isClosed": "true", "ticketState": "CLOSED"},
    ]  # fmt: skip
    with pytest.raises(InvalidStageMetadata):
        rules.create_pipeline(
            _place(TICKETS), SALES._replace(stages=(NewStage("A", 0, {"ticketState": "closed"}),))
        )


def test_stages_of_other_object_types_have_a_state():
    stages = (NewStage("A", 0, {"state": "CLOSED"}), NewStage("B", 1, {"probability": "7"}))
    [pipeline] = rules.create_pipeline(_place(ORDERS), SALES._replace(stages=stages)).put
    assert [stage.metadata["state"] for stage in pipeline.stages] == ["CLOSED", "OPEN"]


def _on(change: Callable[[Place], Any], held: Held, object_type: Any = DEALS) -> Any:
    return change(_place(object_type, held, AT + 5))


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        (SALES._replace(pipeline_id="default"), PipelineIdTaken),
        (SALES._replace(pipeline_id="0"), PipelineIdTakenElsewhere),
        (SALES._replace(pipeline_id="x" * 37), InvalidPipelineText),
        (SALES._replace(pipeline_id=" "), InvalidPipelineText),
        (SALES._replace(label=" sales PIPELINE "), PipelineLabelTaken),
        (SALES._replace(label=""), InvalidPipelineText),
        (SALES._replace(stages=()), StagesMissing),
        (SALES._replace(stages=(OPEN, OPEN._replace(label="B"))), StageIdTaken),
        (SALES._replace(stages=(OPEN._replace(stage_id="closedwon"),)), StageIdTakenElsewhere),
        (SALES._replace(stages=(OPEN._replace(stage_id="x" * 101),)), InvalidPipelineText),
        (SALES._replace(stages=(OPEN, WON._replace(label="open "))), StageLabelTaken),
        (SALES._replace(stages=(OPEN._replace(label=" "),)), InvalidPipelineText),
        (SALES._replace(stages=(OPEN._replace(display_order=-1),)), InvalidDisplayOrder),
        (
            SALES._replace(stages=[OPEN._replace(label=f"{n}", stage_id=None) for n in range(101)]),
            TooManyStages,
        ),
    ],
)
def test_a_pipeline_that_breaks_a_rule_is_refused(new: NewPipeline, refusal: type[DomainError]):
    with pytest.raises(refusal):
        rules.create_pipeline(_place(), new)


def test_a_stage_of_another_object_type_may_have_the_same_id():
    stages = (NewStage("A", 0, {"ticketState": "CLOSED"}, "closedwon"),)
    assert rules.create_pipeline(_place(TICKETS), SALES._replace(stages=stages)).put


def test_the_id_of_a_pipeline_that_another_object_type_defined_is_taken_too():
    with pytest.raises(PipelineIdTakenElsewhere):
        rules.create_pipeline(_place(ORDERS, _with_sales()), SALES)


def test_an_object_type_has_so_many_pipelines_and_no_more():
    one = rules.create_pipeline(_place(ORDERS), SALES).put[0]
    many = [replace(one, pipeline_id=f"{n}", label=f"{n}", stages=()) for n in range(50)]
    with pytest.raises(TooManyPipelines):
        rules.create_pipeline(_place(ORDERS, Held({ORDERS.code: many})), SALES)
    assert rules.create_pipeline(_place(ORDERS, Held({ORDERS.code: many[1:]})), SALES).put


def test_a_tickets_pipeline_has_a_stage_in_which_they_are_closed():
    with pytest.raises(ClosedStageMissing):
        rules.create_pipeline(_place(TICKETS), SALES._replace(stages=(NewStage("A", 0, {}),)))
    with pytest.raises(ClosedStageMissing):
        rules.remove_stage(_place(TICKETS), "0", "4")
    with pytest.raises(ClosedStageMissing):
        rules.change_stage(_place(TICKETS), "0", "4", StageChange(metadata={"ticketState": "OPEN"}))


def test_a_change_of_a_pipeline_leaves_what_it_does_not_name():
    [changed] = _on(lambda p: rules.change_pipeline(p, "sales", "Selling", None), _with_sales()).put
    assert (changed.label, changed.display_order, changed.created_at) == ("Selling", 3, AT)
    assert {changed.updated_at, *(stage.updated_at for stage in changed.stages)} == {AT + 5}
    [moved] = _on(lambda p: rules.change_pipeline(p, "sales", None, 9), _with_sales()).put
    assert (moved.label, moved.display_order) == ("Sales", 9)


def test_a_pipeline_of_hubspots_is_changed_like_any_other():
    change = rules.change_pipeline(_place(), "default", "Deals", None)
    assert pipelines_of(DEFAULTS, _after(change), DEALS)[0].label == "Deals"


def test_a_pipeline_keeps_its_own_label_and_takes_no_other_ones():
    assert _on(lambda p: rules.change_pipeline(p, "sales", "SALES", None), _with_sales()).put
    with pytest.raises(PipelineLabelTaken):
        _on(lambda p: rules.change_pipeline(p, "sales", "Sales Pipeline", None), _with_sales())


def test_a_pipeline_that_is_replaced_keeps_the_stages_it_names_and_removes_the_others():
    new = SALES._replace(
        stages=(WON._replace(metadata={}, display_order=0), NewStage("New", 1, {"probability": "0.1"}))
    )
    change = _on(lambda p: rules.replace_pipeline(p, "sales", new), _with_sales())
    [changed] = change.put
    assert _stages(changed) == [("won", 0), (str(FIRST_NUMBER), 1)]
    assert changed.stages[0].metadata["probability"] == "1.0"
    assert (changed.stages[0].created_at, changed.stages[1].created_at) == (AT, AT + 5)
    assert change.unused is not None
    assert (change.unused.property_name, list(change.unused.values)) == ("dealstage", ["open"])


def test_a_pipeline_is_removed_when_no_record_is_in_its_stages():
    change = _on(lambda p: rules.remove_pipeline(p, "sales"), _with_sales())
    assert (list(change.put), list(change.removed)) == ([], ["sales"])
    assert change.unused is not None
    assert list(change.unused.values) == ["open", "won"]


def test_a_pipeline_of_hubspots_that_is_removed_stays_away_until_it_is_made_again():
    held = _after(rules.remove_pipeline(_place(), "default"))
    assert pipelines_of(DEFAULTS, held, DEALS) == []
    with pytest.raises(PipelineNotFound):
        rules.remove_pipeline(_place(held=held), "default")
    held = _after(rules.create_pipeline(_place(held=held), SALES._replace(pipeline_id="default")), held)
    assert [p.label for p in pipelines_of(DEFAULTS, held, DEALS)] == ["Sales"]


def _place_of(stage_id: str, *stages: tuple[str, int], at: int) -> list[tuple[str, int]]:
    """The places of stages after one of them, or a new one, is put at a place."""
    given = [NewStage(name.upper(), place, {"probability": "0.5"}, name) for name, place in stages]
    held = _with_sales(*given)
    if any(name == stage_id for name, _ in stages):
        change = rules.change_stage(_place(held=held), "sales", stage_id, StageChange(display_order=at))
    else:
        new = NewStage(stage_id.upper(), at, {"probability": "0.5"}, stage_id)
        change = rules.create_stage(_place(held=held), "sales", new)
    return _stages(change.put[0])


@pytest.mark.parametrize(
    ("stage", "at", "wanted"),
    [
        ("n", 7, [("a", 0), ("b", 1), ("c", 5), ("n", 7)]),
        ("n", 3, [("a", 0), ("b", 1), ("n", 3), ("c", 5)]),
        ("n", 1, [("a", 0), ("b", 1), ("n", 2), ("c", 3)]),
        ("n", 0, [("a", 0), ("n", 1), ("b", 2), ("c", 3)]),
        ("c", 0, [("a", 0), ("c", 1), ("b", 2)]),
        ("a", 9, [("b", 1), ("c", 5), ("a", 9)]),
        ("b", 1, [("a", 0), ("b", 1), ("c", 5)]),
    ],
)
def test_a_place_that_is_taken_moves_those_behind_it_and_gaps_stay(
    stage: str, at: int, wanted: list[tuple[str, int]]
):
    assert _place_of(stage, ("a", 0), ("b", 1), ("c", 5), at=at) == wanted


def test_stages_that_were_given_one_place_are_counted_in_the_order_given():
    given = [NewStage(name, 4, {"probability": "0.5"}, name) for name in "xyz"]
    [pipeline] = rules.create_pipeline(_place(), SALES._replace(stages=given)).put
    assert _stages(pipeline) == [("x", 0), ("y", 1), ("z", 2)]


def test_a_change_of_a_stage_leaves_what_it_does_not_name():
    change = _on(lambda p: rules.change_stage(p, "sales", "open", StageChange(label="Begun")), _with_sales())
    [begun, won] = change.put[0].stages
    assert (begun.stage_id, begun.label, begun.display_order) == ("open", "Begun", 0)
    assert begun.metadata == {"isClosed": "false", "probability": "0.5"}
    assert (begun.created_at, begun.updated_at) == (AT, AT + 5)
    assert won == Stage("won", "Won", 1, {"isClosed": "true", "probability": "1.0"}, AT, AT)


def test_metadata_that_a_change_leaves_out_stays():
    def probability(**metadata: str | None) -> str:
        change = StageChange(metadata=metadata)
        made = _on(lambda p: rules.change_stage(p, "sales", "open", change), _with_sales())
        return str(made.put[0].stages[0].metadata["probability"])

    assert probability() == "0.5"
    assert probability(probability="0.9") == "0.9"
    with pytest.raises(InvalidStageMetadata):
        probability(probability=None)


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        (OPEN, StageIdTaken),
        (OPEN._replace(stage_id="closedwon"), StageIdTaken),
        (OPEN._replace(stage_id="new", label="WON"), StageLabelTaken),
        (OPEN._replace(stage_id="new", label="New", display_order=-1), InvalidDisplayOrder),
        (OPEN._replace(stage_id="new", label="New", metadata={}), InvalidStageMetadata),
        (OPEN._replace(stage_id="", label="New"), InvalidPipelineText),
    ],
)
def test_a_stage_that_breaks_a_rule_is_refused(new: NewStage, refusal: type[DomainError]):
    with pytest.raises(refusal):
        rules.create_stage(_place(held=_with_sales()), "sales", new)


def test_a_stage_that_is_removed_must_hold_no_record():
    change = rules.remove_stage(_place(held=_with_sales()), "sales", "open")
    assert change is not None
    assert _stages(change.put[0]) == [("won", 1)]
    assert change.unused is not None
    assert list(change.unused.values) == ["open"]


@pytest.mark.parametrize(
    ("pipeline", "stage"), [("sales", "nothing"), ("nothing", "open"), ("default", "open")]
)
def test_removing_a_stage_that_is_not_there_changes_nothing(pipeline: str, stage: str):
    assert rules.remove_stage(_place(held=_with_sales()), pipeline, stage) is None


def test_the_last_stage_of_a_pipeline_stays():
    with pytest.raises(StagesMissing):
        rules.remove_stage(_place(held=_with_sales(OPEN)), "sales", "open")


def test_what_is_not_there_is_not_found():
    with pytest.raises(PipelineNotFound):
        rules.change_pipeline(_place(), "nothing", "A", None)
    with pytest.raises(StageNotFound):
        rules.change_stage(_place(), "default", "nothing", StageChange())
    with pytest.raises(PipelineNotFound):
        rules.replace_pipeline(_place(), "nothing", SALES)
