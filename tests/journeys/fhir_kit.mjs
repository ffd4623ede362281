// npm `fhir-kit-client` as it is. Reads {base, name, assertion, ref, glucose, count} from standard input, does what a hospital's
// system does, and writes {steps, answers}: what each step gave, and every body that the gateway answered.
import { Client } from 'fhir-kit-client';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const given = JSON.parse(Buffer.concat(chunks).toString());
const { base, assertion, ref, glucose, count, scope } = given;

const answers = [];
const send = globalThis.fetch;
globalThis.fetch = async (...asked) => {
  const answer = await send(...asked);
  const body = await answer.clone().text();
  if (body) answers.push([answer.status, JSON.parse(body)]);
  return answer;
};

const steps = {};
const refused = async (act) => {
  try {
    await act();
  } catch (failure) {
    return [failure.response.status, failure.response.data.resourceType];
  }
  return null;
};

const client = new Client({ baseUrl: base });
steps.version = (await client.capabilityStatement()).fhirVersion;
const { tokenUrl } = await client.smartAuthMetadata();
steps.tokenUrl = String(tokenUrl);
steps.unknownCaller = await refused(() => client.read({ resourceType: 'Observation', id: ref }));
const granted = await fetch(tokenUrl, {
  method: 'POST',
  body: new URLSearchParams({
    grant_type: 'client_credentials',
    scope,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  }),
});
client.bearerToken = (await granted.json()).access_token;

const resourceType = 'Observation';
const made = await client.create({ resourceType, body: glucose });
const { response } = Client.httpFor(made);
steps.created = [response.status, response.headers.get('etag'), response.headers.get('location'), made.id];
const read = await client.search({ resourceType, searchParams: { patient: ref, _id: made.id } });
steps.found = read.entry.map((one) => one.resource.id);
steps.read = (await client.read({ resourceType, id: made.id })).valueQuantity.value;
steps.vread = (await client.vread({ resourceType, id: made.id, version: '1' })).meta.versionId;

const match = { headers: { 'If-Match': response.headers.get('etag') } };
const body = { ...made, valueQuantity: { ...made.valueQuantity, value: 6.5 } };
const updated = await client.update({ resourceType, id: made.id, body, options: match });
steps.updated = [updated.meta.versionId, updated.valueQuantity.value];
steps.conflict = await refused(() => client.update({ resourceType, id: made.id, body, options: match }));
steps.nobody = await refused(() => client.read({ resourceType, id: '0'.repeat(40) }));
steps.history = (await client.history({ resourceType, id: made.id })).entry.map((one) => one.resource.meta.versionId);
await client.delete({ resourceType, id: made.id });
steps.gone = await refused(() => client.update({ resourceType, id: made.id, body }));

const identifier = 'urn:city:lab|FK-7';
const named = { ...glucose, identifier: [{ system: 'urn:city:lab', value: 'FK-7' }] };
const once = { headers: { 'If-None-Exist': `identifier=${identifier}` } };
steps.once = [];
for (let time = 0; time < 2; time += 1) {
  const answer = await client.create({ resourceType, body: named, options: once });
  steps.once.push(Client.httpFor(answer).response.status);
}

const searchParams = { patient: ref, _count: String(count), _sort: 'date' };
let page = await client.search({ resourceType, searchParams });
steps.total = page.total;
steps.pages = [];
while (page) {
  steps.pages.push(page.entry.map((one) => one.resource.id));
  page = await client.nextPage({ bundle: page });
}
const counted = await client.search({ resourceType, searchParams: { patient: ref, _summary: 'count' } });
steps.counted = counted.total;
const compartment = { resourceType: 'Patient', id: ref };
steps.compartment = (await client.search({ resourceType, compartment, searchParams: { _summary: 'count' } })).total;
const posted = await client.search({ resourceType, searchParams: { patient: ref, _summary: 'count' }, options: { postSearch: true } });
steps.posted = posted.total;
steps.nameless = await refused(() => client.search({ resourceType, searchParams: { code: '4548-4' } }));

const everything = { name: 'everything', resourceType: 'Patient', id: ref };
const whole = await client.operation({ ...everything, method: 'GET' });
steps.everything = whole.entry.map((one) => one.resource.resourceType);
const input = { resourceType: 'Parameters', parameter: [{ name: '_type', valueCode: 'Patient' }] };
steps.everythingByPost = [whole.total, (await client.operation(everything)).total, (await client.operation({ ...everything, input })).total];
const request = { method: 'POST', url: 'Observation' };
const fullUrl = 'urn:uuid:00000000-0000-4000-8000-0000000000bb';
const transaction = { resourceType: 'Bundle', type: 'transaction', entry: [{ fullUrl, resource: glucose, request }] };
steps.transaction = (await client.transaction({ body: transaction })).entry.map((one) => one.response.status);

const asked = [{ request: { method: 'GET', url: `Observation?patient=${ref}&_summary=count` } }];
const batch = { resourceType: 'Bundle', type: 'batch', entry: asked };
steps.batch = (await client.batch({ body: batch })).entry.map((one) => one.response.status);

process.stdout.write(JSON.stringify({ steps, answers }));
