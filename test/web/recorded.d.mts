export declare const VICTIM: number
