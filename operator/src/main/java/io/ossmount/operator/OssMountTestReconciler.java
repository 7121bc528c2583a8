package io.ossmount.operator;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.ossmount.api.v1alpha1.OssMountTest;
import io.ossmount.operator.mounttest.TestRound;

/**
 * Reconciles OssMountTests, in rounds of their own. What is made for one goes with it by its owner
 * references: there is nothing to clean up.
 */
final class OssMountTestReconciler implements Reconciler<OssMountTest> {
  private final TestRound round;

  OssMountTestReconciler(TestRound round) {
    this.round = round;
  }

  @Override
  public UpdateControl<OssMountTest> reconcile(OssMountTest test, Context<OssMountTest> context) {
    if (test.isMarkedForDeletion()) {
      return UpdateControl.noUpdate();
    }
    var control = UpdateControl.<OssMountTest>noUpdate();
    round.run(test).ifPresent(again -> control.rescheduleAfter(again.toMillis()));
    return control;
  }
}
