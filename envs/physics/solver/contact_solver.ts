import type { Contact } from './contact.js';
import type { FreeBody } from './free_body.js';
import type { Joints } from './joints.js';
import { Rows } from './rows.js';
import { H, ITERATIONS } from './timing.js';

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
  /** Contacts between movers, then those of bodies with what never moves. */
  private readonly contacts: Contact[] = [];
  private readonly fixedContacts: Contact[] = [];

  constructor(
    private readonly joints: Joints,
    private readonly bodies: readonly FreeBody[],
  ) {
    const size = bodies.reduce((sum, body) => sum + body.size, joints.size);
    this.velocities = new Float64Array(size);
    this.displacements = new Float64Array(size);
  }

  /** Begins a physics step. Contacts are added next. */
  begin(withBodies: boolean): void {
    rows.clear();
    this.contacts.length = 0;
    this.fixedContacts.length = 0;
    this.displacements.fill(0);
    this.joints.begin(this.velocities);
    if (withBodies) for (const body of this.bodies) body.begin(this.velocities);
  }

  /** Adds a contact whose points have been found. */
  add(contact: Contact): void {
    if (!contact.begin(rows)) return;
    const { a, b } = contact;
    if (a.mover === this.joints || b.mover === this.joints) this.joints.isTouched = true;
    if (a.mover && b.mover) this.contacts.push(contact);
    else if (a.mover === this.joints) this.joints.contacts[a.part].push(contact);
    else if (b.mover === this.joints) this.joints.contacts[b.part].push(contact);
    else this.fixedContacts.push(contact);
  }

  /** Solves the step and moves everything. */
  end(withBodies: boolean): void {
    const { joints, velocities, displacements } = this;
    for (let iteration = 0; iteration < ITERATIONS; iteration++) {
      this.sweep(false);
      joints.advance(velocities, displacements);
    }
    this.sweep(true);
    joints.end();
    if (withBodies) for (const body of this.bodies) body.end(velocities, displacements);
    this.endContacts(this.contacts);
    this.endContacts(this.fixedContacts);
    for (const contacts of joints.contacts) this.endContacts(contacts);
  }

  private sweep(isLast: boolean): void {
    const { velocities, displacements, joints } = this;
    for (const contact of this.contacts) contact.solve(rows, velocities, displacements, isLast);
    for (const contact of this.fixedContacts) contact.solve(rows, velocities, displacements, isLast);
    // Bodies move on before the joints' drives have their turn.
    if (!isLast) for (let k = joints.size; k < velocities.length; k++) displacements[k] += H * velocities[k];
    joints.solve(rows, velocities, displacements, isLast);
  }

  private endContacts(contacts: readonly Contact[]): void {
    for (const contact of contacts) contact.end();
  }
}
