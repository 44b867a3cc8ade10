// Asks the endpoint of AWS_ENDPOINT_URL what the reference pages ask; prints all answers as JSON.
import * as accountApi from "@aws-sdk/client-account";
import * as organizationsApi from "@aws-sdk/client-organizations";
import * as workspacesApi from "@aws-sdk/client-workspaces";
import { AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";

const once = { maxAttempts: 1 };

function isModelled(error) {
  return [accountApi, organizationsApi, workspacesApi].some(
    (api) => api[error.name] && error instanceof api[error.name],
  );
}

async function told(client, command) {
  try {
    const { $metadata, ...answer } = await client.send(command);
    return answer;
  } catch (error) {
    return {
      error: error.name,
      message: error.message,
      status: error.$metadata?.httpStatusCode,
      fields: error.fieldList,
      reason: error.reason,
      modelled: isModelled(error),
    };
  }
}

function pair(client, id) {
  const named = id ? { StandardAccountId: id } : {};
  return told(client, new accountApi.GetGovCloudAccountInformationCommand(named));
}

async function links(client) {
  const listed = await told(client, new workspacesApi.ListAccountLinksCommand({}));
  const one = (named) => told(client, new workspacesApi.GetAccountLinkCommand(named));
  return {
    listed: listed.AccountLinks,
    first: await one({ LinkId: listed.AccountLinks[0].AccountLinkId }),
    none: await one({ LinkedAccountId: "222222222222" }),
    invalid: await one({ LinkId: "12" }),
  };
}

const account = new accountApi.AccountClient(once);
const member = new accountApi.AccountClient({
  ...once,
  credentials: { accessKeyId: "member111111111111", secretAccessKey: "secret" },
});
const organizations = new organizationsApi.OrganizationsClient(once);

const pages = [];
for await (const page of organizationsApi.paginateListAccounts({ client: organizations }, {})) {
  pages.push(page.Accounts.map(({ Id, State }) => ({ Id, State })));
}

// WorkSpaces' model offers CBOR too, and a client may be told to prefer it
const cborPaths = [];
const cbor = new workspacesApi.WorkSpacesClient({ ...once, protocol: AwsSmithyRpcV2CborProtocol });
cbor.middlewareStack.add(
  (next) => (args) => {
    cborPaths.push(args.request.path);
    return next(args);
  },
  { step: "finalizeRequest" },
);

const answers = {
  own: await pair(member),
  linked: await pair(account, "111111111111"),
  notLinked: await pair(account, "222222222222"),
  invalid: await pair(account, "12"),
  denied: await pair(account, "999999999999"),
  information: await told(
    account,
    new accountApi.GetAccountInformationCommand({ AccountId: "111111111111" }),
  ),
  organization: await told(organizations, new organizationsApi.DescribeOrganizationCommand({})),
  pages,
  json: await links(new workspacesApi.WorkSpacesClient(once)),
  cbor: await links(cbor),
  cborPaths,
};
console.log(JSON.stringify(answers));
