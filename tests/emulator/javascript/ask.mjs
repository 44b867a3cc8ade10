// Asks the endpoint of AWS_ENDPOINT_URL what the reference pages ask; prints all answers as JSON.
import * as accountApi from "@aws-sdk/client-account";
import * as cloudtrailApi from "@aws-sdk/client-cloudtrail";
import * as costExplorerApi from "@aws-sdk/client-cost-explorer";
import * as organizationsApi from "@aws-sdk/client-organizations";
import * as taggingApi from "@aws-sdk/client-resource-groups-tagging-api";
import * as workspacesApi from "@aws-sdk/client-workspaces";
import { AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";

const once = { maxAttempts: 1 };

const apis = [
  accountApi,
  cloudtrailApi,
  costExplorerApi,
  organizationsApi,
  taggingApi,
  workspacesApi,
];

function isModelled(error) {
  return apis.some((api) => api[error.name] && error instanceof api[error.name]);
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

// every page's items together
async function all(pages, member) {
  const items = [];
  for await (const page of pages) items.push(...page[member]);
  return items;
}

async function tags(client) {
  const asked = { ResourceTypeFilters: ["organizations:account"], ResourcesPerPage: 30 };
  return {
    listed: await all(taggingApi.paginateGetResources({ client }, asked), "ResourceTagMappingList"),
    invalid: await told(client, new taggingApi.GetResourcesCommand({ ResourcesPerPage: 101 })),
  };
}

async function spend(client) {
  const asked = {
    TimePeriod: { Start: "2026-08-01", End: "2026-11-01" },
    Granularity: "MONTHLY",
    Metrics: ["UnblendedCost"],
    GroupBy: [{ Type: "DIMENSION", Key: "LINKED_ACCOUNT" }],
    Filter: { Dimensions: { Key: "REGION", Values: ["us-gov-west-1", "us-gov-east-1"] } },
  };
  const months = [];
  let NextPageToken;
  do {
    const command = new costExplorerApi.GetCostAndUsageCommand({ ...asked, NextPageToken });
    const page = await client.send(command);
    months.push(...page.ResultsByTime);
    NextPageToken = page.NextPageToken;
  } while (NextPageToken);
  return months;
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

const govcloud = new organizationsApi.OrganizationsClient({
  ...once,
  region: "us-gov-west-1",
  credentials: { accessKeyId: "govcloud", secretAccessKey: "secret" },
});
const trail = new cloudtrailApi.CloudTrailClient(once);
const closed = { AttributeKey: "EventName", AttributeValue: "CloseAccountResult" };
const contact = (AlternateContactType, AccountId) =>
  told(account, new accountApi.GetAlternateContactCommand({ AlternateContactType, AccountId }));

// WorkSpaces' model offers CBOR too, and a client may be told to prefer it
const cborPaths = [];
function overCbor(Client) {
  const client = new Client({ ...once, protocol: AwsSmithyRpcV2CborProtocol });
  client.middlewareStack.add(
    (next) => (args) => {
      cborPaths.push(args.request.path);
      return next(args);
    },
    { step: "finalizeRequest" },
  );
  return client;
}

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
  cbor: await links(overCbor(workspacesApi.WorkSpacesClient)),
  witness: await all(
    organizationsApi.paginateListAccounts({ client: govcloud }, {}),
    "Accounts",
  ),
  created: await all(
    organizationsApi.paginateListCreateAccountStatus({ client: organizations }, {}),
    "CreateAccountStatuses",
  ),
  tags: await tags(new taggingApi.ResourceGroupsTaggingAPIClient(once)),
  cborTags: await tags(overCbor(taggingApi.ResourceGroupsTaggingAPIClient)),
  closed: await all(
    cloudtrailApi.paginateLookupEvents({ client: trail }, { LookupAttributes: [closed] }),
    "Events",
  ),
  badToken: await told(trail, new cloudtrailApi.LookupEventsCommand({ NextToken: "x" })),
  spend: await spend(new costExplorerApi.CostExplorerClient(once)),
  billing: await Promise.all(process.argv.slice(2).map((id) => contact("BILLING", id))),
  cborPaths,
};
console.log(JSON.stringify(answers));
