// What every read takes.
import { IsOptional } from 'class-validator';
import { IsPositionText } from './query-text';

export class ReadQuery {
  /** Wait until everything up to this position is visible: `position` of an earlier reply. */
  @IsOptional()
  @IsPositionText()
  readonly minPosition?: string;
}
