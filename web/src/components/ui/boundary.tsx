"use client";
import { Component, type ReactNode } from "react";
import { Notice } from "./notice";

type Props = { what: string; children: ReactNode };

/** Keep one broken part from taking the page with it. `what` names the part, as in "This chart". */
export class Boundary extends Component<Props, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <Notice tone="warn" role="status" title={`${this.props.what} could not be shown.`}>
        <p>The rest of the page is not affected. The data is in the JSON download.</p>
      </Notice>
    );
  }
}
