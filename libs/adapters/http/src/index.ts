export { createFastify, HttpAdapter } from './http-adapter';
export type { HttpDoors, DashboardParts, HttpLimits, HttpParts, Readiness } from './http-parts';
export { registerHttp } from './register-http';
export { deltaBodyReader } from './validation/delta-body-reader';
export { compileValidator, type Validator } from './validation/validator';
