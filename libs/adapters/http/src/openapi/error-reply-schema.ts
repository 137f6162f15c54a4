// Schema of what every failed request gets.
import { ERRORS, type ErrorDetail, type JsonSchema } from '@deltabook/contracts';

const MEMBERS = {
  code: { enum: Object.keys(ERRORS) },
  message: { type: 'string' },
  remedy: { type: 'string', description: 'what the caller can do' },
  requestId: { type: 'string' },
  field: { type: 'string', description: 'path of the field that was wrong' },
  reason: { type: 'string', description: 'what was wrong with it' },
  retryAfterSeconds: { type: 'integer', description: 'as the header Retry-After' },
  position: { type: 'string', description: 'what is projected now' },
  scope: { type: 'string', description: 'the scope that is missing' },
} as const satisfies Record<keyof ErrorDetail, JsonSchema>;

export const ERROR_REPLY_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    success: { const: false },
    statusCode: { type: 'integer' },
    error: {
      type: 'object',
      properties: MEMBERS,
      required: ['code', 'message', 'remedy', 'requestId'],
    },
  },
  required: ['success', 'statusCode', 'error'],
};
