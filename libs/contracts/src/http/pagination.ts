// Numbers of a page, as replies carry them.
import { IsInt } from 'class-validator';

export class Pagination {
  /** 1-based. */
  @IsInt()
  readonly page!: number;

  @IsInt()
  readonly limit!: number;

  /** Over all pages. */
  @IsInt()
  readonly total!: number;

  @IsInt()
  readonly totalPages!: number;
}
