/** Who writes without saying a name. */
export const ANONYMOUS = 'anonymous';

const ACTOR = /^[^\p{Cc}\p{Cs}]{1,255}$/u;

/** Whether the text can name who did something: 1 to 255 characters, none of them a control character. */
export function isActor(text: string): boolean {
  return ACTOR.test(text);
}
