// The writer thread of the embedded store, which dies just before or after a commit is durable.
import { runLogWriter } from '@deltabook/adapters/embedded';
import { pass } from './crash-point';

const afterFsync = process.env['CRASH_POINT'] === 'after-fsync';

runLogWriter((database) => {
  if (!afterFsync) pass();
  database.exec('COMMIT');
  if (afterFsync) pass();
});
