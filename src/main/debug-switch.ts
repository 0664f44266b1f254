/** Switches that let another program read and steer the windows or this process. `--inspect` is a fuse as well. */
const debugSwitches =
  /^--?(?:remote-debugging-(?:port|pipe|address|targets|io-pipes)|inspect(?:-[a-z-]+)?|debug(?:-[a-z-]+)?)(?:=|$)/i;

/** The first switch for debugging, also behind other arguments; null when there is none. */
export function findDebugSwitch(args: readonly string[]): string | null {
  return args.find((arg) => debugSwitches.test(arg))?.split('=')[0] ?? null;
}
