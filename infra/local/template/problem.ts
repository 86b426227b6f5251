/** What in an assembly cannot be run here: where it stands, and what to do about it. */
export class AssemblyProblem extends Error {
  override readonly name = 'AssemblyProblem';
}

export interface Place {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
}

/** `place.property` is unknown, or its value is not one that this runner understands. */
export function refuse(place: Place, property: string, reason: string): never {
  throw new AssemblyProblem(
    `stack ${place.stack}, resource ${place.logicalId} (${place.type}), property ${property}: ${reason}`,
  );
}
