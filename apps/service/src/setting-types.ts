// What a setting can be: its default, its form and its meaning in one value.

export interface SettingType<T> {
  readonly fallback: T;
  readonly meaning: string;
  readonly form: string;
  /** The value, or undefined when the text does not have the form. */
  readonly parse: (text: string) => T | undefined;
}

export const integer = (
  fallback: number,
  bounds: readonly [number, number],
  meaning: string,
): SettingType<number> => ({
  fallback,
  meaning,
  form: `a whole number from ${bounds[0]} to ${bounds[1]}`,
  parse: (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= bounds[0] && value <= bounds[1] ? value : undefined;
  },
});

export const text = (fallback: string, pattern: RegExp, meaning: string): SettingType<string> => ({
  fallback,
  meaning,
  form: `text like ${pattern.source}`,
  parse: (value) => (pattern.test(value) ? value : undefined),
});

export const flag = (fallback: boolean, meaning: string): SettingType<boolean> => ({
  fallback,
  meaning,
  form: 'true or false',
  parse: (value) => (value === 'true' ? true : value === 'false' ? false : undefined),
});

export const MIB = 1024 * 1024;
/** Any text that is not empty. */
export const ANY = /^.+$/s;
export const ANY_OR_NONE = /^.*$/s;
