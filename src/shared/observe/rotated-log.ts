// A log of lines in files that never grow beyond a room: the newest in `<name>.log`, older ones in `<name>.1.log` and so on, the
// oldest forgotten. A line is on the disk before anybody goes on; there are few of them.

/** The files of one folder. */
export interface LogFiles {
  /** 0 for one that is not there. */
  size(file: string): number;
  append(file: string, text: string): void;
  /** Nothing happens when there is no such file; whatever has the new name goes. */
  rename(from: string, to: string): void;
}

export interface RotatedLogLimits {
  readonly fileBytes: number;
  /** Beside the newest. */
  readonly olderFiles: number;
}

export const rotatedLogLimits: RotatedLogLimits = { fileBytes: 1024 * 1024, olderFiles: 5 };

export function createRotatedLog(
  files: LogFiles,
  name: string,
  limits: RotatedLogLimits = rotatedLogLimits,
): (line: object) => void {
  const fileOf = (age: number): string => (age === 0 ? `${name}.log` : `${name}.${String(age)}.log`);
  return (line) => {
    const text = `${JSON.stringify(line)}\n`;
    const size = files.size(fileOf(0));
    if (size > 0 && size + text.length > limits.fileBytes)
      for (let age = limits.olderFiles; age > 0; age -= 1) files.rename(fileOf(age - 1), fileOf(age));
    files.append(fileOf(0), text);
  };
}
