// A scope in time, as reads take it: a UTC month or dates, by the time of recording.
import { IsIn, IsOptional } from 'class-validator';
import { ReadQuery } from './read-query';
import { IsPeriodText, IsTimeText } from './rules';

export const TIME_PRESET_NAMES = ['current_month', 'custom'] as const;
export type TimePresetName = (typeof TIME_PRESET_NAMES)[number];

export class ScopeQuery extends ReadQuery {
  /** UTC month, YYYY-MM. */
  @IsOptional()
  @IsPeriodText()
  readonly period?: string;

  /** current_month, or custom beside startDate and endDate. */
  @IsOptional()
  @IsIn(TIME_PRESET_NAMES)
  readonly timePreset?: TimePresetName;

  /** Recorded from then on. */
  @IsOptional()
  @IsTimeText()
  readonly startDate?: string;

  /** Recorded before then. */
  @IsOptional()
  @IsTimeText()
  readonly endDate?: string;
}
