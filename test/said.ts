import { vi } from 'vitest';

/**
 * Collects what the program prints from now on, in whichever way; none of it is printed until `vi.restoreAllMocks()`.
 * `onText` is called with each piece.
 */
export function rememberSaid(onText: (text: string) => void = () => {}): { text: string } {
  const said = { text: '' };
  const remember = (text: unknown, ...rest: unknown[]) => {
    said.text += text;
    onText(String(text));
    const written = rest.at(-1);
    if (typeof written === 'function') written();
    return true;
  };
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation(remember);
  vi.spyOn(console, 'log').mockImplementation((text) => {
    remember(`${text}\n`);
  });
  return said;
}
