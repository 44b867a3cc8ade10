"""An address with FIPS that gives no answer is named, with the way round."""

import pytest
from botocore import exceptions as boto

from toolkit.aws.operations import GET_GOVCLOUD, GET_LINK
from toolkit.aws.translation import Login, Operation, translate
from toolkit.errors import AwsError, EndpointError


def lost(operation: Operation, url: str) -> AwsError:
    error = translate(boto.EndpointConnectionError(endpoint_url=url), operation, Login())
    assert isinstance(error, AwsError)
    return error


def test_account_management_with_fips_names_the_variable_that_goes_without() -> None:
    url = "https://account-fips.us-east-1.amazonaws.com/getGovCloudAccountInformation"
    error = lost(GET_GOVCLOUD, url)
    assert isinstance(error, EndpointError)
    assert error.message.startswith("No answer from https://account-fips.us-east-1.amazonaws.com:")
    assert error.code == "EndpointConnectionError"
    assert error.hint.endswith("AWS_ENDPOINT_URL_ACCOUNT=https://account.us-east-1.amazonaws.com")


def test_a_region_without_fips_is_an_answer_of_that_region_and_not_of_the_network() -> None:
    error = lost(GET_LINK, "https://workspaces-fips.eu-west-1.amazonaws.com/")
    assert not isinstance(error, EndpointError)
    assert not error.retryable
    assert "no known FIPS address in eu-west-1" in error.message
    assert error.hint == "Leave the Region out, or ask without FIPS."


@pytest.mark.parametrize(
    "url",
    [
        "https://workspaces-fips.us-east-1.amazonaws.com/",
        "https://workspaces.eu-west-1.amazonaws.com/",
        "https://workspaces-fips.eu-west-1.example.com/",
    ],
)
def test_where_there_is_fips_or_none_is_asked_for_the_network_is_at_fault(url: str) -> None:
    error = lost(GET_LINK, url)
    assert isinstance(error, EndpointError)
    assert error.retryable
    assert "FIPS" not in str(error)
