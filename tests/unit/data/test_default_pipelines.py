"""The pipelines and owners that ship follow the rules that those of a portal are held to."""

import pytest

from edgewise.data import hubspot_types
from edgewise.data.owners import owner_facts
from edgewise.data.pipelines import default_pipelines
from edgewise.data.properties import default_properties
from edgewise.domain.catalog import Catalog
from edgewise.domain.pipeline_changes import NewPipeline, NewStage, Place, create_pipeline
from edgewise.domain.pipelines import Held, stage_property

CATALOG = Catalog(hubspot_types())
PIPELINES = [(type_id, each) for type_id, found in default_pipelines().items() for each in found]


@pytest.mark.parametrize(("type_id", "pipeline"), PIPELINES, ids=lambda x: getattr(x, "pipeline_id", x))
def test_a_pipeline_could_be_made_as_it_is(type_id: str, pipeline):
    new = NewPipeline(
        pipeline.label,
        0,
        [NewStage(s.label, s.display_order, s.metadata, s.stage_id) for s in pipeline.stages],
        pipeline.pipeline_id,
    )
    [made] = create_pipeline(Place({}, Held({}), CATALOG.object_type(type_id), 0), new).put
    assert [s.stage_id for s in made.stages] == [s.stage_id for s in pipeline.stages]
    for kept, shipped in zip(made.stages, pipeline.stages, strict=True):
        assert shipped.metadata in ({}, kept.metadata)


def test_no_two_object_types_share_the_id_of_a_pipeline():
    ids = [pipeline.pipeline_id for _, pipeline in PIPELINES]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("type_id", default_pipelines())
def test_the_property_that_holds_the_stage_exists(type_id: str):
    object_type = CATALOG.object_type(type_id)
    definition = default_properties(object_type.name).properties[stage_property(object_type)]
    stages = {stage.stage_id for pipeline in default_pipelines()[type_id] for stage in pipeline.stages}
    assert not definition.options or stages <= definition.option_values


def test_owners_differ_in_all_that_tells_them_and_are_in_order():
    owners = owner_facts()
    for told in ("id", "user_id", "mailbox"):
        assert len({getattr(each, told) for each in owners}) == len(owners)
    assert [int(each.id) for each in owners] == sorted(int(each.id) for each in owners)
    assert {each.is_archived for each in owners} == {False, True}
