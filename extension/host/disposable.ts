/** Something to let go of. It has the shape of vscode's own type, so that modules which do not know vscode can use it. */
export interface Disposable {
  dispose(): void;
}

/** Owns other disposables and lets go of them with itself; what arrives after its end is let go of at once. */
export abstract class DisposableBase implements Disposable {
  private readonly owned: Disposable[] = [];
  private ended = false;

  protected get disposed(): boolean {
    return this.ended;
  }

  protected _register<T extends Disposable>(disposable: T): T {
    if (this.ended) disposable.dispose();
    else this.owned.push(disposable);
    return disposable;
  }

  dispose(): void {
    if (this.ended) return;
    this.ended = true;
    while (this.owned.length > 0) this.owned.pop()?.dispose();
  }
}
