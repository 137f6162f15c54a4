export { accessHandlers, type AccessHandlersParts } from './access-handlers';
export { auditHandlers, type AskedAudit, type AuditHandlersParts } from './audit-handlers';
export { backupHandlers, type BackupHandlersParts } from './backup-handlers';
export { BACKUP_FILES, parseBackupManifest, type BackupManifest } from './backup-manifest';
export { callOperatorDoor, OperatorDoorClosedError, type OperatorCall } from './operator-client';
export {
  OPERATOR_DOOR_DEFAULTS,
  openOperatorDoor,
  type OperatorDoor,
  type OperatorDoorOptions,
} from './operator-door';
export {
  OperatorRefusal,
  runHandler,
  type OperatorArgs,
  type OperatorHandler,
  type OperatorHandlers,
} from './operator-handler';
export { environmentOf, textOf } from './operator-arguments';
export { progressSteps } from './progress-steps';
export { signingHandlers, type Rotated, type SigningHandlersParts } from './signing-handlers';
export { OperatorSocketPathError } from './socket-path';
