// Hands a file to the browser, to be kept.

const REVOKE_MS = 60_000;

export function saveFile(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_MS);
}

/** A file name without what file systems dislike. */
export function fileName(customerId: string, ending: string): string {
  return `${customerId.replace(/[^A-Za-z0-9._-]/g, '_')}${ending}`;
}
