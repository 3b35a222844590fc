"""Addresses under /admin/staff/. Wagtail lets only staff in; each view asks for more."""

from django.urls import path

from . import confirmation, people

urlpatterns = [
    path("", people.index, name="index"),
    path("units/<int:unit_id>/", people.unit_staff, name="unit"),
    path("units/<int:unit_id>/invite/", people.invite_person, name="invite"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/add/", people.add_work, name="add"),
    path("people/<int:person_id>/reset/", people.reset_password, name="reset"),
    path("people/<int:person_id>/deactivate/", people.deactivate_person, name="deactivate"),
    path("memberships/<int:membership_id>/hand-over/", people.hand_over, name="hand_over"),
    path("memberships/<int:membership_id>/confirm/", confirmation.confirm_approver, name="confirm"),
    path("invitations/<int:invitation_id>/slip/", people.print_slip, name="slip"),
    path("invitations/<int:invitation_id>/withdraw/", people.withdraw_invitation, name="withdraw"),
]
