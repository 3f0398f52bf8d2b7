/** A declaration that names a type of the DOM: test/package/types-without-dom.test.ts must refuse it. */
export declare function send(request: Request): void;
