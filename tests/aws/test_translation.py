"""What botocore raises, in this toolkit's words."""

import pytest
from botocore import exceptions as boto

from toolkit.aws.translation import ERRORS_BY_CODE, Login, Operation, translate
from toolkit.errors import (
    AccessDeniedError,
    AwsError,
    CredentialsError,
    CredentialsRefusedError,
    EndpointError,
    InputError,
    NoOrganizationError,
    NotFoundError,
    RequestInvalidError,
    ThrottledError,
    ToolkitError,
    UnavailableError,
    UnknownOperationError,
)

ASKED = Operation("account", "GetGovCloudAccountInformation", "account:GetIt")
AUDIT = Login("audit", ("audit", "billing"))
URL = "https://account.us-east-1.amazonaws.com/getGovCloudAccountInformation"


def answered(code: str, status: int = 400, name: str = ASKED.name) -> boto.ClientError:
    return boto.ClientError(
        {
            "Error": {"Code": code, "Message": "Said AWS."},
            "ResponseMetadata": {"HTTPStatusCode": status},
        },
        name,
    )


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDeniedException", AccessDeniedError),
        ("AccessDenied", AccessDeniedError),
        ("OptInRequired", AccessDeniedError),
        ("AWSOrganizationsNotInUseException", NoOrganizationError),
        ("ResourceNotFoundException", NotFoundError),
        ("ValidationException", RequestInvalidError),
        ("InvalidInputException", RequestInvalidError),
        ("TooManyRequestsException", ThrottledError),
        ("ThrottlingException", ThrottledError),
        ("Throttling", ThrottledError),
        ("InternalServerException", UnavailableError),
        ("ResourceUnavailableException", UnavailableError),
        ("ServiceException", UnavailableError),
        ("ExpiredToken", CredentialsError),
        ("ExpiredTokenException", CredentialsError),
        ("RequestExpired", CredentialsError),
        ("InvalidClientTokenId", CredentialsRefusedError),
        ("UnrecognizedClientException", CredentialsRefusedError),
        ("SignatureDoesNotMatch", CredentialsRefusedError),
        ("MissingAuthenticationTokenException", CredentialsRefusedError),
    ],
)
def test_the_code_decides_and_not_the_status(code: str, kind: type[ToolkitError]) -> None:
    for status in (200, 400, 403, 500):
        assert type(translate(answered(code, status), ASKED, AUDIT)) is kind


def test_an_unheard_of_code_is_unavailable_only_as_a_servers_error() -> None:
    assert type(translate(answered("Novelty", 503), ASKED, AUDIT)) is UnavailableError
    error = translate(answered("Novelty", 409), ASKED, AUDIT)
    assert type(error) is AwsError
    assert error.message == "account GetGovCloudAccountInformation answered Novelty: Said AWS."


def test_every_code_has_one_meaning() -> None:
    assert set(ERRORS_BY_CODE.values()) == {
        AccessDeniedError,
        NoOrganizationError,
        NotFoundError,
        RequestInvalidError,
        ThrottledError,
        UnavailableError,
        UnknownOperationError,
    }


def test_a_role_denied_while_renewing_is_no_answer_about_an_account() -> None:
    error = translate(answered("AccessDenied", name="AssumeRole"), ASKED, AUDIT)
    assert isinstance(error, CredentialsError)
    assert error.message == "The role to work with could not be assumed: Said AWS."


@pytest.mark.parametrize(
    "raised",
    [
        boto.SSOTokenLoadError(error_msg="no token"),
        boto.UnauthorizedSSOTokenError(),
        boto.TokenRetrievalError(provider="sso", error_msg="expired"),
        answered("ExpiredTokenException"),
    ],
)
def test_an_expired_login_says_which_command_renews_it(raised: Exception) -> None:
    error = translate(raised, ASKED, AUDIT)
    assert isinstance(error, CredentialsError)
    assert error.message == "The credentials of profile 'audit' have expired."
    assert error.hint == "Log in again: aws sso login --profile audit"


def test_a_login_of_the_aws_console_has_its_own_command() -> None:
    error = translate(boto.LoginRefreshRequired(), ASKED, AUDIT)
    assert error.hint == "Log in again: aws login --profile audit"


@pytest.mark.parametrize(
    ("raised", "why"),
    [
        (boto.EndpointConnectionError(endpoint_url=URL), "it could not be reached"),
        (boto.ConnectTimeoutError(endpoint_url=URL), "it could not be reached in time"),
        (boto.ReadTimeoutError(endpoint_url=URL), "it did not answer in time"),
        (boto.ConnectionClosedError(endpoint_url=URL), "the connection was cut"),
        (boto.SSLError(endpoint_url=URL, error="x"), "its certificate is not trusted"),
    ],
)
def test_no_answer_names_the_address_and_what_happened(raised: Exception, why: str) -> None:
    error = translate(raised, ASKED, AUDIT)
    assert isinstance(error, EndpointError)
    assert error.message == f"No answer from https://account.us-east-1.amazonaws.com: {why}."


def test_credentials_missing_list_the_profiles_there_are() -> None:
    error = translate(boto.NoCredentialsError(), ASKED, Login(None, ("audit", "billing")))
    assert error.message == "There are no AWS credentials."
    assert error.hint == "Name a profile (audit, billing), or log in: aws sso login"


def test_wrong_settings_are_wrong_input() -> None:
    error = translate(boto.ConfigParseError(path="~/.aws/config"), ASKED, AUDIT)
    assert isinstance(error, InputError)
    assert (
        error.message == "The AWS settings are wrong: Unable to parse config file: ~/.aws/config."
    )


def test_whatever_else_botocore_raises_is_one_sentence() -> None:
    error = translate(boto.PaginationError(message="x"), ASKED, AUDIT)
    assert type(error) is AwsError
    assert error.message == (
        "account GetGovCloudAccountInformation failed: Error during pagination: x."
    )
