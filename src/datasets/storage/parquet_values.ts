import type { DecodedArray } from 'hyparquet';

type Target = { length: number; [index: number]: unknown };

/** The values of a column that stand one after another in pages, from the first to the last. */
export class PageValues {
  private page = 0;
  private at = 0;

  constructor(private readonly pages: readonly DecodedArray[]) {}

  /** Copies the next `count` values to `target`, from `to` on. Throws an Error if there are fewer. */
  copy(count: number, target: Target, to: number): void {
    this.take(count, (page, from, end, done) => copyValues(page, from, end, target, to + done));
  }

  /** Passes over the next `count` values. */
  skip(count: number): void {
    this.take(count, () => {});
  }

  private take(
    count: number,
    use: (page: DecodedArray, from: number, to: number, done: number) => void,
  ): void {
    for (let done = 0; done < count; ) {
      const page = this.pages[this.page];
      if (page === undefined) throw new Error(`${count - done} values too few`);
      const end = Math.min(page.length, this.at + count - done);
      use(page, this.at, end, done);
      done += end - this.at;
      this.at = end;
      if (end === page.length) {
        this.page++;
        this.at = 0;
      }
    }
  }
}

function copyValues(page: DecodedArray, from: number, to: number, target: Target, at: number): void {
  if (page instanceof Float32Array && target instanceof Float32Array) target.set(page.subarray(from, to), at);
  else if (page instanceof Float64Array && target instanceof Float64Array)
    target.set(page.subarray(from, to), at);
  // Written out for the types that most numbers have, since a loop for any type takes several times as long.
  else if (target instanceof Float32Array) copyNumbers(page as ArrayLike<number>, from, to, target, at);
  else if (target instanceof Float64Array) copyDoubles(page as ArrayLike<number>, from, to, target, at);
  // Whatever the library has for a number becomes one of the column's type.
  else for (let i = from; i < to; i++) target[at + i - from] = page[i];
}

function copyNumbers(
  page: ArrayLike<number>,
  from: number,
  to: number,
  target: Float32Array,
  at: number,
): void {
  for (let i = from; i < to; i++) target[at + i - from] = page[i];
}

function copyDoubles(
  page: ArrayLike<number>,
  from: number,
  to: number,
  target: Float64Array,
  at: number,
): void {
  for (let i = from; i < to; i++) target[at + i - from] = page[i];
}
