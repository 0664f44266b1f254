import { Popover, UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place, Zone } from '#shared/analytics/edit-spec.ts';
import { PathText } from '#renderer/features/pivot/path-text.tsx';
import { useDraggable, useDropTarget, type Carried } from '#renderer/features/pivot/pivot-drag.ts';
import classes from './pivot.module.css';

export interface ZoneItem {
  readonly key: string;
  readonly name: string;
  /** What opens below the item. */
  readonly settings: ReactNode;
}

/** Rows, columns or values: items in their order, each with its settings; others are dropped before it or at the end. */
export function ZoneBox(props: {
  readonly zone: Zone;
  readonly items: readonly ZoneItem[];
  readonly onDrop: (carried: Carried, to: Place) => void;
  readonly action?: ReactNode;
}) {
  const { t } = useTranslation();
  const element = useRef<HTMLDivElement>(null);
  const accepts = (carried: Carried): boolean => isWelcome(props.zone, carried);
  const over = useDropTarget(element, accepts, (carried) =>
    props.onDrop(carried, { zone: props.zone, index: props.items.length }),
  );
  return (
    <section className={classes.zone} aria-label={t(`analytics.pivot.zones.${props.zone}`)}>
      <div className={classes.zoneTitle}>
        <span>{t(`analytics.pivot.zones.${props.zone}`)}</span>
        {props.action}
      </div>
      <div ref={element} className={classes.zoneItems} data-over={over !== null} data-testid={`zone-${props.zone}`}>
        {props.items.map((item, index) => (
          <Chip key={item.key} item={item} place={{ zone: props.zone, index }} onDrop={props.onDrop} />
        ))}
        {props.items.length === 0 ? (
          <span className={classes.zoneHint}>{t(`analytics.pivot.hints.${props.zone}`)}</span>
        ) : null}
      </div>
    </section>
  );
}

function isWelcome(zone: Zone, carried: Carried): boolean {
  return 'field' in carried || (carried.from.zone === 'values') === (zone === 'values');
}

function Chip(props: {
  readonly item: ZoneItem;
  readonly place: Place;
  readonly onDrop: (carried: Carried, to: Place) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const { element, isDragging } = useDraggable({ from: props.place });
  const over = useDropTarget(
    element,
    (carried) => isWelcome(props.place.zone, carried),
    (carried, half) => props.onDrop(carried, { ...props.place, index: props.place.index + (half === 'after' ? 1 : 0) }),
  );
  return (
    <div ref={element} className={classes.chip} data-dragging={isDragging} data-over={over ?? undefined}>
      <Popover opened={isOpen} onChange={setOpen} position="bottom-end" shadow="md" width={260} trapFocus withinPortal>
        <Popover.Target>
          <UnstyledButton
            className={classes.chipButton}
            title={props.item.name}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            <span className={classes.chipText}>
              <PathText text={props.item.name} />
            </span>
            <IconChevronDown size={13} aria-hidden />
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown>{props.item.settings}</Popover.Dropdown>
      </Popover>
    </div>
  );
}
