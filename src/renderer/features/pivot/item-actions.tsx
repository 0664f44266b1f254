import { Button, Group } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconArrowsExchange, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { moveItem, removeItem, type Place } from '#shared/analytics/edit-spec.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';

/** The keyboard's way to do what dragging does: up, down, to the other axis, away. */
export function ItemActions(props: {
  readonly spec: PivotSpec;
  readonly place: Place;
  readonly onChange: (spec: PivotSpec) => void;
}) {
  const { t } = useTranslation();
  const { spec, place } = props;
  const { zone, index } = place;
  const other = zone === 'rows' ? 'columns' : zone === 'columns' ? 'rows' : null;
  const moveTo = (to: Place): void => props.onChange(moveItem(spec, place, to));
  return (
    <Group gap={4} mt={8}>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconArrowUp size={13} />}
        disabled={index === 0}
        onClick={() => moveTo({ zone, index: index - 1 })}
      >
        {t('analytics.pivot.moveUp')}
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconArrowDown size={13} />}
        disabled={index === spec[zone].length - 1}
        onClick={() => moveTo({ zone, index: index + 2 })}
      >
        {t('analytics.pivot.moveDown')}
      </Button>
      {other === null ? null : (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconArrowsExchange size={13} />}
          onClick={() => moveTo({ zone: other, index: spec[other].length })}
        >
          {t(`analytics.pivot.moveTo.${other}`)}
        </Button>
      )}
      <Button
        size="compact-xs"
        variant="subtle"
        color="red"
        leftSection={<IconTrash size={13} />}
        onClick={() => props.onChange(removeItem(spec, place))}
      >
        {t('analytics.pivot.remove')}
      </Button>
    </Group>
  );
}
