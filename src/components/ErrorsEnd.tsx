import { Component, type ReactNode } from 'react'

interface Props {
  readonly children: ReactNode
  readonly onError: (error: unknown) => void
}

/** After an error in what it holds nothing of that is drawn any more, and whoever is told of it decides what comes then. Ink would end with a report of its own on top of the screen. */
export class ErrorsEnd extends Component<Props, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true }
  }

  override componentDidCatch(error: unknown): void {
    this.props.onError(error)
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children
  }
}
