/**
 * What test files import in the place of `fast-check` while mutants are run: a law runs as many examples as all laws
 * do then, whatever number it names itself; where no number is set for all, its own.
 */
import fc, { type IAsyncProperty, type IProperty, type Parameters } from 'fast-check';

export * from 'fast-check';

function assert<Ts>(
  law: IAsyncProperty<Ts> | IProperty<Ts>,
  own: Parameters<Ts> = {},
): Promise<void> | void {
  const { numRuns } = fc.readConfigureGlobal();
  return fc.assert(law, numRuns === undefined ? own : { ...own, numRuns });
}

export default { ...fc, assert };
