import type { Repeater } from '../../ports/repeater.ts';

/** By the process's own timer, which does not keep the process alive. */
export function timerRepeater(): Repeater {
  return (everySeconds, work) => {
    const timer = setInterval(() => void work(), everySeconds * 1_000);
    timer.unref();
    return () => clearInterval(timer);
  };
}
