import type { Contact } from './contact.js';
import { ContactList } from './contact_list.js';
import { FixedContacts } from './fixed_contacts.js';
import type { FreeBody } from './free_body.js';
import type { Joints } from './joints.js';
import { Rows } from './rows.js';
import { H, ITERATIONS } from './timing.js';

// Names of this file for numbers: V8 takes them for constants, but reads imported and exported ones at each use.
const SWEEPS = ITERATIONS;
const STEP = H;

/** Room for the rows of the step that is being solved, shared by all scenes: they are never solved at once. */
const rows = new Rows();

/**
 * PhysX's temporal Gauss-Seidel solver (DyTGSDynamics.cpp) for a robot and free bodies: in each of 15 iterations, contacts
 * and joints change the velocities in turn and everything moves on by a fifteenth of the physics step. One more sweep, which
 * moves nothing, makes the velocities that the step ends with.
 */
export class ContactSolver {
  /** Velocities of the robot's joints, then of the bodies. */
  readonly velocities: Float64Array;
  private readonly displacements: Float64Array;
  /** Contacts between movers. */
  private readonly contacts = new ContactList();
  /** Contacts with what never moves, by body. */
  private readonly fixedContacts: readonly FixedContacts[];

  constructor(
    private readonly joints: Joints,
    private readonly bodies: readonly FreeBody[],
  ) {
    const size = bodies.reduce((sum, body) => sum + body.size, joints.size);
    this.velocities = new Float64Array(size);
    this.displacements = new Float64Array(size);
    this.fixedContacts = bodies.map((body) => new FixedContacts(body));
  }

  /** Forgets earlier steps. */
  forget(): void {
    for (const contacts of this.fixedContacts) contacts.forget();
  }

  /** Begins a physics step. Contacts are added next. */
  begin(withBodies: boolean): void {
    rows.clear();
    this.contacts.clear();
    this.displacements.fill(0);
    this.joints.begin(this.velocities);
    if (!withBodies) return;
    for (const body of this.bodies) body.begin(this.velocities);
    for (const contacts of this.fixedContacts) contacts.begin();
  }

  /** Adds a contact whose points have been found. */
  add(contact: Contact): void {
    if (!contact.begin(rows)) return;
    const { a, b } = contact;
    if (a.mover === this.joints || b.mover === this.joints) this.joints.isTouched = true;
    if (a.mover && b.mover) {
      this.contacts.add(contact);
      for (const fixed of this.fixedContacts) fixed.addOther(contact);
    } else if (a.mover === this.joints) this.joints.addContact(a.part, contact);
    else if (b.mover === this.joints) this.joints.addContact(b.part, contact);
    else for (const fixed of this.fixedContacts) fixed.add(contact);
  }

  /** Solves the step and moves everything. */
  end(withBodies: boolean): void {
    const { joints, velocities, displacements, fixedContacts } = this;
    const moving = withBodies ? fixedContacts : [];
    for (const contacts of moving) contacts.compare();
    for (let iteration = 0; iteration < SWEEPS; iteration++) {
      this.sweep(moving, iteration, false);
      joints.advance(velocities, displacements);
    }
    this.sweep(moving, SWEEPS, true);
    joints.end();
    this.contacts.end();
    for (const contacts of moving) contacts.end(velocities, displacements);
  }

  private sweep(moving: readonly FixedContacts[], iteration: number, isLast: boolean): void {
    const { velocities, displacements, joints, contacts } = this;
    contacts.solve(rows, velocities, displacements, isLast);
    for (let i = 0; i < moving.length; i++)
      moving[i].solve(rows, velocities, displacements, iteration, isLast);
    // Bodies move on before the joints' drives have their turn.
    if (!isLast)
      for (let k = joints.size; k < velocities.length; k++) displacements[k] += STEP * velocities[k];
    joints.solve(rows, velocities, displacements, isLast);
  }
}
