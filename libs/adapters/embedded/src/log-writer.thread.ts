// Entry of the writer thread.
import { runLogWriter } from './run-log-writer';

runLogWriter((database) => database.exec('COMMIT'));
