// A time of day as records of rules keep it: `07:30`, in the user's language while it is shown and typed.
import { TimeOfDayInput, type MinutesInputProps } from '#renderer/blocks/tasks/typed-minutes-input.tsx';

const MINUTES_OF_HOUR = 60;

const pad = (part: number): string => String(part).padStart(2, '0');

export function ClockInput(
  props: Omit<MinutesInputProps, 'value' | 'onChange'> & {
    readonly value: string;
    /** Empty for no time. */
    readonly onChange: (time: string) => void;
  },
) {
  const { value, onChange, ...passed } = props;
  const [hours, minutes] = value.split(':').map(Number);
  return (
    <TimeOfDayInput
      placeholder=""
      isClearable={false}
      {...passed}
      value={hours === undefined || minutes === undefined ? null : hours * MINUTES_OF_HOUR + minutes}
      onChange={(next) =>
        onChange(next === null ? '' : `${pad(Math.floor(next / MINUTES_OF_HOUR))}:${pad(next % MINUTES_OF_HOUR)}`)
      }
    />
  );
}
