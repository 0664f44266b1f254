/** One line of JSON on stderr. Names and codes only: never a field value, an address with a token, or a secret. */
export function writeLog(message: string, error?: unknown): void {
  const cause =
    error === undefined
      ? {}
      : { error: error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error) };
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), message, ...cause })}\n`);
}
