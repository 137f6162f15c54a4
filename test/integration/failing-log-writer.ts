// A writer thread whose third commit fails as an fsync that reports an I/O error would.
import { runLogWriter } from '@deltabook/adapters/embedded';

let commits = 0;
runLogWriter((database) => {
  commits += 1;
  if (commits === 3) throw new Error('disk I/O error');
  database.exec('COMMIT');
});
