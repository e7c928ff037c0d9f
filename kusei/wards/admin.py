"""Accounts, wards and bodies in Django's own administration pages."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kusei.japanese.folding import fold_name
from kusei.wards.models import Body, BodyAlias, Person, Ward

admin.site.site_header = _("区政 管理")
admin.site.site_title = _("区政 管理")
admin.site.index_title = _("利用者・区・実施主体")


class BodyAliasInline(admin.TabularInline):
    model = BodyAlias
    extra = 0
    fields = ["name"]


@admin.register(Ward)
class WardAdmin(admin.ModelAdmin):
    list_display = ["name", "code", "kind", "parent", "is_sample"]
    list_filter = ["kind", "is_sample"]
    search_fields = ["name", "code"]


@admin.register(Body)
class BodyAdmin(admin.ModelAdmin):
    """Bodies with their other spellings; the folded names follow what is typed."""

    list_display = ["name", "kind", "ward", "parent"]
    list_filter = ["ward", "kind"]
    search_fields = ["name", "aliases__name"]
    inlines = [BodyAliasInline]

    def save_model(self, request: HttpRequest, obj: Body, form: ModelForm, change: bool) -> None:
        obj.folded = fold_name(obj.name)
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset, change: bool) -> None:
        for alias in formset.save(commit=False):
            alias.ward = form.instance.ward
            alias.folded = fold_name(alias.name)
            alias.save()
        for alias in formset.deleted_objects:
            alias.delete()
        formset.save_m2m()


@admin.register(Person)
class PersonAdmin(UserAdmin):
    list_display = ["username", "last_name", "first_name", "ward", "is_staff", "is_active"]
    list_filter = ["ward", "is_staff", "is_active"]
    fieldsets = (*(UserAdmin.fieldsets or ()), (_("所属"), {"fields": ["ward"]}))
