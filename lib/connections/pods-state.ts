/** Whether the pods' workload is part of this app. */
export enum PodsState {
  /** A workload of this app runs them. */
  STANDING = 'standing',
  /** A box of the topology whose workload this version of the library does not build yet. */
  PENDING = 'pending',
  /** Somebody else's app runs them. */
  IMPORTED = 'imported',
  /** The environment switches them off: whatever is connected to them is not. */
  ABSENT = 'absent',
  /** Nobody has said who runs them. */
  DANGLING = 'dangling',
}
