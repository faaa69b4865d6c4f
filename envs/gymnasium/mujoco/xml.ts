import type { Body, Model } from './model.js';

/** Memory for contacts and what the solver makes of them: fifty times what is ever used, and a tenth of MuJoCo's own choice. */
const MEMORY = '1M';

/** The model as MuJoCo reads it. */
export function xmlOf(model: Model): string {
  const { name, compiler, option, joint, geom, ctrlrange, world, body, motors } = model;
  return element('mujoco', { model: name }, [
    element('compiler', { ...compiler, inertiafromgeom: true }),
    element('option', option),
    element('size', { memory: MEMORY }),
    element('default', {}, [
      element('joint', joint),
      element('geom', geom),
      element('motor', { ctrllimited: true, ctrlrange }),
    ]),
    element('worldbody', {}, [...world.map((each) => element('geom', each)), bodyElement(body)]),
    element(
      'actuator',
      {},
      motors.map((motor) => element('motor', motor)),
    ),
  ]);
}

function bodyElement({ name, pos, joints = [], geoms, bodies = [] }: Body): string {
  return element('body', { name, pos }, [
    ...joints.map((joint) => element('joint', joint)),
    ...geoms.map((geom) => element('geom', geom)),
    ...bodies.map(bodyElement),
  ]);
}

/** An element with an attribute for each key. Numbers are written so that they are read as the same ones. */
function element(name: string, attributes: object, children: readonly string[] = []): string {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${[value].flat().join(' ')}"`);
  return `<${name}${words.join('')}>${children.join('')}</${name}>`;
}
