import type { Actor } from '../bodies/actor.js';
import { PHYSICS_TIMESTEP } from '../panda/model.js';
import { IDENTITY_POSE } from '../scene.js';
import type { ClosestPoints } from './collision/closest_points.js';
import { findContacts, leastDistance, REACH } from './collision/find.js';
import { touchTable } from './collision/on_table.js';
import { type Frame, PosedShape, writeRotation } from './collision/posed.js';
import { massPropertiesOf } from './mass_properties.js';
import { fingerOf, type RobotShapes } from './robot_shapes.js';
import { type Collidable, Contact } from './solver/contact.js';
import { ContactSolver } from './solver/contact_solver.js';
import { FreeBody } from './solver/free_body.js';
import type { Joints } from './solver/joints.js';

/** ManiSkill's table, whose top is the plane z = 0: centre and half edge lengths. */
const TABLE_CENTRE = [-0.12, 0, -0.45982146];
const TABLE_HALF_SIZE = [0.6045, 1.209, 0.45982146];
const TABLE_FRICTION = 0.3;
/** Parts of the robot higher than this above the table, metres, can't touch it within a physics step. */
const TABLE_REACH = 0.02;

/** Everything that collides, with the contacts between it, built anew for every episode from its state alone. */
export class Scene {
  /** [2, 3] per actor: force on the left and right finger, N, world frame, in the last step. */
  readonly fingerForces = new Map<Actor, Float64Array>();

  private readonly solver: ContactSolver;
  private readonly bodies: readonly FreeBody[];
  private readonly shapes: PosedShape[] = [];
  private readonly table = tableShape();
  /** All pairs of shapes that may touch: the robot's with the table, and all others. */
  private readonly tableContacts: readonly Contact[];
  private readonly contacts: readonly Contact[];
  /**
   * The pairs that are in reach of each other, in the order in which they came there: the order in which PhysX solves
   * them, and which decides how the two pads share what they hold.
   */
  private readonly inReach: Contact[] = [];

  /**
   * Builds the scene with the actors that collide, in their states. `leftFirst`: of fingers that come in reach of an actor at
   * once, the left one counts first. All friction is multiplied by `frictionScale`. `closest` keeps the robot's shapes for
   * later scenes.
   */
  constructor(
    private readonly joints: Joints,
    private readonly robot: RobotShapes,
    actors: readonly Actor[],
    leftFirst: boolean,
    frictionScale: number,
    private readonly closest: ClosestPoints,
  ) {
    const free = actors.filter(({ motion }) => motion === 'dynamic');
    this.bodies = free.map((actor, i) => new FreeBody(joints.size + 6 * i, actor, massPropertiesOf(actor)));
    this.solver = new ContactSolver(joints, this.bodies);
    const { table } = this;
    const movable = this.bodies.map((body) => this.collidables(body.actor, body, body));
    const fixed = actors
      .filter(({ motion }) => motion !== 'dynamic')
      .flatMap((actor) => this.collidables(actor, frameOf(actor), null));
    const { fingers, hand, links } = robot;
    const gripper = [...(leftFirst ? fingers : fingers.toReversed()).flat(), ...hand];
    const touch = (a: Collidable, b: Collidable) => new Contact(a, b, frictionScale);
    this.tableContacts = [...gripper, ...links].map((part) => touch(part, table));
    this.contacts = [
      ...movable.flatMap((body) => body.flatMap((shape) => gripper.map((part) => touch(part, shape)))),
      ...movable.flatMap((body, i) =>
        movable.slice(0, i).flatMap((other) => body.flatMap((a) => other.map((b) => touch(a, b)))),
      ),
      ...movable.flat().flatMap((shape) => [...fixed, table].map((other) => touch(shape, other))),
      ...fixed.flatMap((shape) => gripper.map((part) => touch(part, shape))),
    ];
    for (const actor of free) this.fingerForces.set(actor, new Float64Array(6));
  }

  /** [9]: velocities of the joints. */
  get jointVelocities(): Float64Array {
    return this.solver.velocities.subarray(0, this.joints.size);
  }

  /** Lets go of all that friction holds. */
  forgetAnchors(): void {
    for (const contact of this.contacts) contact.clear();
    for (const contact of this.tableContacts) contact.clear();
    this.inReach.length = 0;
    this.solver.forget();
  }

  /** Forgets all contacts of the last step. */
  forgetContacts(): void {
    this.forgetAnchors();
    for (const forces of this.fingerForces.values()) forces.fill(0);
  }

  /** Advances everything by one physics step; only the robot if `isApart`. */
  step(isApart: boolean): void {
    const { solver, robot, tableContacts, contacts } = this;
    robot.update();
    solver.begin(!isApart);
    for (const contact of tableContacts) this.addTableContact(contact);
    if (!isApart) {
      for (const body of this.bodies) body.read();
      for (const shape of this.shapes) shape.update();
      for (const contact of contacts) if (!contact.isResting) this.find(contact);
      for (const contact of this.inReach)
        if (!contact.standoff.isCertain && !contact.isResting) solver.add(contact);
    }
    solver.end(!isApart);
    if (!isApart) this.readForces();
  }

  /** Frees the memory that Rapier needs for it. */
  free(): void {
    this.closest.forget([...this.shapes, this.table.shape]);
  }

  private addTableContact(contact: Contact): void {
    const { a, manifold } = contact;
    const wasNear = manifold.count > 0;
    manifold.clear();
    if (a.shape.bottom < TABLE_REACH) this.findPoints(contact, TABLE_REACH);
    if (manifold.count > 0) this.solver.add(contact);
    else if (wasNear) contact.clear();
  }

  /** Finds the contact points of a pair that may be in reach. */
  private find(contact: Contact): void {
    if (contact.standoff.isClear(contact.manifold)) return;
    const { a, b, manifold } = contact;
    const wasInReach = manifold.count > 0;
    manifold.clear();
    manifold.gap = leastDistance(a.shape, b.shape);
    if (manifold.gap < REACH) this.findPoints(contact, REACH);
    const isInReach = manifold.count > 0;
    if (isInReach && !wasInReach) this.inReach.push(contact);
    if (wasInReach && !isInReach) {
      this.inReach.splice(this.inReach.indexOf(contact), 1);
      contact.clear();
    }
    contact.standoff.note(manifold, REACH);
  }

  private findPoints(contact: Contact, reach: number): void {
    const { a, b } = contact;
    if (b === this.table && isManyPointed(a)) touchTable(a.shape, reach, contact.manifold);
    else findContacts(a.shape, b.shape, this.closest, contact);
  }

  private collidables(actor: Actor, frame: Frame, mover: FreeBody | null): Collidable[] {
    return actor.collidingParts.map(({ geometry, pose }) => {
      const shape = new PosedShape(geometry, frame, pose);
      this.shapes.push(shape);
      return { mover, part: 0, shape, friction: actor.description.friction, patchRadius: 0 };
    });
  }

  private readForces(): void {
    for (const forces of this.fingerForces.values()) forces.fill(0);
    for (const { a, b, pressing, manifold } of this.inReach) {
      const finger = a.mover === this.joints ? fingerOf(a.part) : -1;
      if (finger < 0 || pressing === 0 || !(b.mover instanceof FreeBody)) continue;
      const forces = this.fingerForces.get(b.mover.actor);
      if (!forces) continue;
      for (let axis = 0; axis < 3; axis++)
        forces[3 * finger + axis] += (manifold.normal[axis] * pressing) / PHYSICS_TIMESTEP;
    }
  }
}

/** True for shapes that stand on a table by many points, of which only one is closest to it. */
function isManyPointed({ shape: { geometry } }: Collidable): boolean {
  return geometry.kind !== 'box' && geometry.kind !== 'sphere';
}

/** The frame of an actor that stays where it is placed. */
function frameOf({ state }: Actor): Frame {
  const rotation = new Float64Array(9);
  writeRotation(rotation, state, 3);
  return { position: Float64Array.from(state.subarray(0, 3)), rotation };
}

function tableShape(): Collidable {
  const frame = { position: new Float64Array(3), rotation: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) };
  const pose = [...TABLE_CENTRE, ...IDENTITY_POSE.slice(3)];
  const shape = new PosedShape({ kind: 'box', halfSize: TABLE_HALF_SIZE }, frame, pose);
  return { mover: null, part: 0, shape, friction: TABLE_FRICTION, patchRadius: 0 };
}
