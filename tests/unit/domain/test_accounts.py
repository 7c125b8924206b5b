"""A rate limit is written as calls and the time they are counted in."""

import pytest

from edgewise.domain.accounts import BadRateLimit, RateLimit, parse_rate_limit


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("20/10s", RateLimit(20, 10)),
        (" 1/1s ", RateLimit(1, 1)),
        ("100/1m", RateLimit(100, 60)),
        ("1000000/24h", RateLimit(1_000_000, 86_400)),
    ],
)
def test_a_rate_limit_is_read_and_written(text: str, limit: RateLimit):
    assert parse_rate_limit(text) == limit
    assert parse_rate_limit(str(limit)) == limit


@pytest.mark.parametrize(
    "text", ["", "20", "20/10", "20/s", "/10s", "20 / 10s", "-1/10s", "1.5/10s", "٢/1s", "20/10d"]
)
def test_what_is_no_rate_limit_is_told_how_one_is_written(text: str):
    with pytest.raises(BadRateLimit, match="write CALLS/TIME with the unit s, m or h, such as 20/10s"):
        parse_rate_limit(text)


@pytest.mark.parametrize("text", ["0/10s", "1000001/10s", "5/0s", "5/86401s", "5/25h", f"{'9' * 50}/1s"])
def test_a_rate_limit_out_of_bounds_is_told_the_bounds(text: str):
    with pytest.raises(BadRateLimit, match=r"1 to 1000000 calls|1 second to 24 hours"):
        parse_rate_limit(text)
