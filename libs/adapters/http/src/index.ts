export type { HttpDoors, HttpLimits, HttpParts, Readiness } from './http-parts';
