import { vi } from 'vitest';

/**
 * What the program says from now on, whichever way; none of it is printed until `vi.restoreAllMocks()`. `onText` is called
 * with each piece.
 */
export function rememberSaid(onText: (text: string) => void = () => {}): { text: string } {
  const said = { text: '' };
  const remember = (text: unknown) => {
    said.text += text;
    onText(String(text));
    return true;
  };
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation(remember);
  vi.spyOn(console, 'log').mockImplementation((text) => {
    remember(`${text}\n`);
  });
  return said;
}
