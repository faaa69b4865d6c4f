import { BEGINNING_NUMBERS, type Contact } from './contact.js';
import { ContactList } from './contact_list.js';
import type { FreeBody } from './free_body.js';
import type { Rows } from './rows.js';
import { H, ITERATIONS } from './timing.js';

// Names of this file for numbers: V8 takes them for constants, but reads imported and exported ones at each use.
const SWEEPS = ITERATIONS;
const STEP = H;

/**
 * The contacts of a free body with what never moves. Where a step begins as the two before it did, in the body's state, the
 * contact points and the anchors of friction, it is played back instead of solved, and the points are not even looked
 * for: each bit would come out as before. Only once something else pushes the body is the step solved after all.
 */
export class FixedContacts {
  private readonly contacts = new ContactList();
  /** Contacts of the body with what moves, in this step. */
  private readonly others = new ContactList();
  /** The body's state at the beginning of the step. */
  private readonly state: Float32Array;
  /** The numbers that its contacts began the last solved step with, if it began with the same state as the one before. */
  private beginnings = new Float64Array();
  private beginningsSize = 0;
  /** Room for those of the next step. */
  private nextBeginnings = new Float64Array();
  /** [15, size]: the velocities after each iteration of the last step. */
  private readonly recording: Float64Array;
  private hasSameState = false;
  /** True if the contacts began the last step as the one before, and nothing else pushed the body. */
  private isRecorded = false;

  constructor(private readonly body: FreeBody) {
    this.state = new Float32Array(body.actor.state.length);
    this.recording = new Float64Array(SWEEPS * body.size);
  }

  /** Forgets earlier steps. */
  forget(): void {
    this.state.fill(NaN);
    this.isRecorded = false;
  }

  /** Begins a physics step, and decides whether the body rests. */
  begin(): void {
    const { state, body, contacts, others } = this;
    this.hasSameState = isSame(state, body.actor.state, state.length);
    if (!this.hasSameState) state.set(body.actor.state);
    body.isResting = this.hasSameState && this.isRecorded;
    others.clear();
    if (!body.isResting) contacts.clear();
  }

  /** Adds a contact if it is the body's with what never moves. */
  add(contact: Contact): void {
    if (contact.a.mover === this.body) this.contacts.add(contact);
  }

  /** Adds a contact of movers if the body is one of them. */
  addOther(contact: Contact): void {
    const { a, b } = contact;
    if (a.mover === this.body || b.mover === this.body) this.others.add(contact);
  }

  /** Compares what the contacts begin with, once all have been added. */
  compare(): void {
    if (this.body.isResting) return;
    const mayRest = this.hasSameState && !this.others.mayPush;
    const size = mayRest ? this.writeBeginnings() : 0;
    const isSameSize = mayRest && size === this.beginningsSize;
    this.isRecorded = isSameSize && isSame(this.nextBeginnings, this.beginnings, size);
    [this.beginnings, this.nextBeginnings] = [this.nextBeginnings, this.beginnings];
    this.beginningsSize = size;
  }

  /** The sweep of an iteration over the contacts; `isLast` as in {@link Contact.solve}. */
  solve(
    rows: Rows,
    velocities: Float64Array,
    displacements: Float64Array,
    iteration: number,
    isLast: boolean,
  ): void {
    const { body, recording, contacts } = this;
    const { first, size } = body;
    if (this.isRecorded && this.others.mayPush) {
      this.isRecorded = false;
      if (body.isResting) this.catchUp(rows, velocities, displacements, iteration);
    }
    const at = iteration * size;
    if (body.isResting) {
      if (!isLast) for (let k = 0; k < size; k++) velocities[first + k] = recording[at + k];
      return;
    }
    contacts.solve(rows, velocities, displacements, isLast);
    if (this.isRecorded && !isLast) for (let k = 0; k < size; k++) recording[at + k] = velocities[first + k];
  }

  /** Ends the step and moves the body, unless it rests. */
  end(velocities: Float64Array, displacements: Float64Array): void {
    if (this.body.isResting) return;
    this.body.end(velocities, displacements);
    this.contacts.end();
  }

  /** Writes the numbers that the contacts begin with to `nextBeginnings`. Returns how many there are. */
  private writeBeginnings(): number {
    const { contacts } = this;
    const most = contacts.count * BEGINNING_NUMBERS;
    if (this.nextBeginnings.length < most) this.nextBeginnings = new Float64Array(most);
    let size = 0;
    for (let i = 0; i < contacts.count; i++)
      size = contacts.items[i].writeBeginning(this.nextBeginnings, size);
    return size;
  }

  /** Solves the iterations before this one, in which only what never moves pushed the body. */
  private catchUp(
    rows: Rows,
    velocities: Float64Array,
    displacements: Float64Array,
    iteration: number,
  ): void {
    const { body, contacts } = this;
    const { first, size } = body;
    const pushed = velocities.slice(first, first + size);
    body.isResting = false;
    body.begin(velocities);
    displacements.fill(0, first, first + size);
    for (let i = 0; i < contacts.count; i++) contacts.items[i].begin(rows);
    for (let i = 0; i < iteration; i++) {
      contacts.solve(rows, velocities, displacements, false);
      for (let k = first; k < first + size; k++) displacements[k] += STEP * velocities[k];
    }
    velocities.set(pushed, first);
  }
}

/** True if the first `size` numbers are the same. */
function isSame(a: Float64Array | Float32Array, b: Float64Array | Float32Array, size: number): boolean {
  for (let i = 0; i < size; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
