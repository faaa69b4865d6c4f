import type { Contact } from './contact.js';
import type { Rows } from './rows.js';

/** Contacts of a step: a list that keeps its memory when it is emptied, which an array gives away. */
export class ContactList {
  count = 0;
  /** The contacts, and after them what is left of longer lists. */
  readonly items: Contact[] = [];

  clear(): void {
    this.count = 0;
  }

  add(contact: Contact): void {
    this.items[this.count++] = contact;
  }

  /** Solves each; see {@link Contact.solve}. */
  solve(rows: Rows, velocities: Float64Array, displacements: Float64Array, isLast: boolean): void {
    const { items, count } = this;
    for (let i = 0; i < count; i++) items[i].solve(rows, velocities, displacements, isLast);
  }

  /** True once one of them may have pushed its sides apart in this step. */
  get mayPush(): boolean {
    for (let i = 0; i < this.count; i++) if (this.items[i].mayPush) return true;
    return false;
  }

  /** Ends the step for each. */
  end(): void {
    for (let i = 0; i < this.count; i++) this.items[i].end();
  }
}
