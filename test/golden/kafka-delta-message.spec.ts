// The schema of messages of the deltas topics is that of `POST delta` and what only messages have.
import 'reflect-metadata';
import { BatchItemBody, EmitDeltaBody, schemaOf, type JsonSchema } from '@deltabook/contracts';
import { expectGolden } from '../support/golden';

it('the schema of delta messages is fresh', () => {
  const body = schemaOf(EmitDeltaBody) as { readonly properties: JsonSchema };
  const item = schemaOf(BatchItemBody) as { readonly properties: JsonSchema };
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'delta message',
    description: [
      'Value of a message of KAFKA_DELTAS_TOPIC; its key is the customerId.',
      'x-freeJson bounds the UTF-8 bytes of the JSON text and its depth.',
      'The header Idempotency-Key says the same as the field.',
      'tenant and environment can only repeat those of the topic.',
    ].join(' '),
    ...body,
    properties: {
      ...body.properties,
      idempotencyKey: item.properties['idempotencyKey'],
      tenant: { type: ['string', 'null'] },
      environment: { type: ['string', 'null'] },
    },
  };
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  expectGolden('docs/reference/kafka/delta-message.schema.json', text);
});
