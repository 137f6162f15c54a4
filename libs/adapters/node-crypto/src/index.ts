export { accessPrimitives } from './access-primitives';
