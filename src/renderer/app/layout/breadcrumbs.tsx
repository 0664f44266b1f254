import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate } from 'react-router';
import classes from './breadcrumbs.module.css';

/** Back, forward, and the list the user is in. */
export function Breadcrumbs() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [list] = pathname.split('/').filter((part) => part !== '');
  return (
    <div className={classes.row}>
      <ActionIcon size="sm" aria-label={t('shell.back')} onClick={() => void navigate(-1)}>
        <IconChevronLeft size={16} />
      </ActionIcon>
      <ActionIcon size="sm" aria-label={t('shell.forward')} onClick={() => void navigate(1)}>
        <IconChevronRight size={16} />
      </ActionIcon>
      {list === undefined ? null : (
        <Link to={`/${list}`} className={classes.crumb} draggable={false}>
          {t(`nav.${list}`, { defaultValue: t('common.noSuchScreen') })}
        </Link>
      )}
    </div>
  );
}
