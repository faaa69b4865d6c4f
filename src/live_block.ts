const NO_WRAP = '\x1b[?7l';
const WRAP = '\x1b[?7h';
const ERASE_BELOW = '\x1b[0J';

/** Lines at the end of a terminal's output that are redrawn in place, such as a table of running work. */
export class LiveBlock {
  private shown = '';

  constructor(private readonly stream: NodeJS.WriteStream) {}

  /**
   * Shows `text` in place of the present one. Lines too long for the terminal are cut: wrapped, one would count as two.
   */
  draw(text: string): void {
    this.stream.write(`${this.erasure()}${NO_WRAP}${text}${WRAP}\n`);
    this.shown = text;
  }

  /** Writes a text above the block, where it stays. */
  print(text: string): void {
    this.stream.write(`${this.erasure()}${text}\n`);
    const { shown } = this;
    this.shown = '';
    this.draw(shown);
  }

  private erasure(): string {
    return this.shown === '' ? '' : `\x1b[${this.shown.split('\n').length}A\r${ERASE_BELOW}`;
  }
}
