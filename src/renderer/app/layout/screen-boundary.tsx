// What stands between a defect in one screen and an empty window: the others can still be opened, and the defect is noted.
import { IconAlertTriangle } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { EmptyState } from '#renderer/ui/empty-state.tsx';

interface BoundaryProps {
  /** Another place is another attempt. */
  readonly place: string;
  readonly instead: ReactNode;
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly place: string;
  readonly hasFailed: boolean;
}

class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { place: this.props.place, hasFailed: false };

  static getDerivedStateFromProps({ place }: BoundaryProps, state: BoundaryState): BoundaryState | null {
    return place === state.place ? null : { place, hasFailed: false };
  }

  static getDerivedStateFromError(): Partial<BoundaryState> {
    return { hasFailed: true };
  }

  override componentDidCatch(error: unknown): void {
    // Heard by whoever notes the errors of the window.
    reportError(error);
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.instead : this.props.children;
  }
}

/** Around the screens of a window. */
export function ScreenBoundary(props: { readonly children: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <Boundary place={pathname} instead={<FailedScreen />}>
      {props.children}
    </Boundary>
  );
}

function FailedScreen() {
  const { t } = useTranslation();
  return (
    <div role="alert">
      <EmptyState
        icon={<IconAlertTriangle size={32} stroke={1.4} />}
        title={t('shell.screenFailed')}
        text={t('shell.screenFailedText')}
        action={{ label: t('shell.loadAgain'), onClick: () => window.location.reload() }}
      />
    </div>
  );
}
