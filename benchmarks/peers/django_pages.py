"""The lists in Django: its ORM, its templates, its sessions and its sign-in, as `startproject` sets them up.

DEBUG is off, so templates are cached; connections are kept; languages, which `startproject` leaves on, are
off. Rows come with `select_related` and `only`, totals by one aggregate that also serves the paginator.
"""

import os
from urllib.parse import parse_qs, urlsplit
from wsgiref.types import WSGIApplication

import django
from django.conf import settings
from django.urls import path

USER = "officer"
PER_PAGE = 50


def configure() -> None:
    """Set Django up from the environment."""
    address = urlsplit(os.environ["PEER_DATABASE_URL"])
    settings.configure(
        DEBUG=False,
        SECRET_KEY=os.environ["PEER_SECRET"],
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [os.path.join(os.path.dirname(__file__), "templates")],  # noqa: PTH118, PTH120
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ],
                    "builtins": ["django_words"],
                },
            }
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": address.path.lstrip("/"),
                "USER": address.username,
                "HOST": parse_qs(address.query)["host"][0],
                "CONN_MAX_AGE": None,
            }
        },
        USE_I18N=False,
        USE_TZ=True,
        TIME_ZONE="UTC",
        LOGIN_URL="/sign-in",
    )
    django.setup()


def application() -> WSGIApplication:
    """Return the application."""
    configure()
    urlpatterns.extend(_pages())
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    return get_wsgi_application()


urlpatterns: list = []


def _pages() -> list:
    """Return the pages; models can only be declared once Django is set up."""
    from django.contrib.auth.decorators import login_required  # noqa: PLC0415
    from django.core.paginator import Paginator  # noqa: PLC0415
    from django.db import models  # noqa: PLC0415
    from django.db.models import Count, Sum  # noqa: PLC0415
    from django.shortcuts import get_object_or_404, render  # noqa: PLC0415
    from world import OFFICER  # noqa: PLC0415

    from app.main import STATIC, _site  # noqa: PLC0415
    from app.settings import read  # noqa: PLC0415
    from spend.routes import register as ours  # noqa: PLC0415
    from spend.routes import set_aside as ours_set_aside  # noqa: PLC0415
    from web.assets import Assets  # noqa: PLC0415

    class Organisation(models.Model):  # noqa: DJ008 -- read by templates only
        id = models.UUIDField(primary_key=True)
        code = models.TextField(unique=True)
        short_name = models.TextField()

        class Meta:
            app_label, managed, db_table = "peer", False, "organisation"

    class PublishedFile(models.Model):  # noqa: DJ008 -- read by templates only
        id = models.UUIDField(primary_key=True)
        body = models.ForeignKey(
            Organisation, to_field="code", db_column="body_code", on_delete=models.PROTECT
        )
        name = models.TextField()
        state = models.TextField()
        lines = models.BigIntegerField()
        read = models.BigIntegerField()
        set_aside = models.BigIntegerField()
        amount_read_pence = models.BigIntegerField()
        amount_basis = models.TextField()
        first_on = models.DateField(null=True)
        last_on = models.DateField(null=True)
        imported_at = models.DateTimeField()

        class Meta:
            app_label, managed, db_table = "peer", False, "published_file"

    class SetAsideLine(models.Model):  # noqa: DJ008 -- read by templates only
        pk = models.CompositePrimaryKey("file", "line_no")
        file = models.ForeignKey(PublishedFile, on_delete=models.PROTECT)
        line_no = models.BigIntegerField()
        reason = models.TextField()
        raw = models.TextField()

        class Meta:
            app_label, managed, db_table = "peer", False, "set_aside_line"

    site, assets = _site(read(os.environ)), Assets.load(STATIC)
    layout = {
        "site": site,
        "assets": {name.replace(".", "_"): address for name, address in assets.addresses.items()},
        "menu": [link for link in site.navigation if link.shown_to(OFFICER)],
    }

    def paged(request, rows, count):
        paginator = Paginator(rows, PER_PAGE)
        paginator.count = count
        page = paginator.get_page(request.GET.get("page"))
        return page, paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)

    @login_required
    def register(request):
        current = PublishedFile.objects.filter(state="current")
        totals = current.aggregate(
            files=Count("id"),
            bodies=Count("body_id", distinct=True),
            line_count=Sum("lines"),
            read_count=Sum("read"),
            set_aside_count=Sum("set_aside"),
            pence=Sum("amount_read_pence"),
        )
        rows = (
            current.select_related("body")
            .only(
                "name",
                "state",
                "lines",
                "set_aside",
                "amount_read_pence",
                "amount_basis",
                "first_on",
                "last_on",
                "imported_at",
                "body__code",
                "body__short_name",
            )
            .order_by("-imported_at", "id")
        )
        page, numbers = paged(request, rows, totals["files"])
        context = layout | {
            "page": page,
            "numbers": numbers,
            "totals": totals,
            "columns": ours.COLUMNS,
            "bodies": Organisation.objects.filter(code__in=PublishedFile.objects.values("body_id")).order_by(
                "short_name"
            ),
            "states": ours.STATE_CHOICES,
        }
        return render(request, "register.html", context)

    @login_required
    def set_aside(request, file_id):
        file = get_object_or_404(PublishedFile.objects.only("name"), id=file_id)
        lines = SetAsideLine.objects.filter(file_id=file_id)
        counts = list(lines.values_list("reason").annotate(number=Count("reason")).order_by("reason"))
        total = sum(number for _, number in counts)
        page, numbers = paged(request, lines.order_by("line_no"), total)
        context = layout | {
            "section": "/spend",
            "file": file,
            "page": page,
            "numbers": numbers,
            "counts": counts,
            "total": total,
            "columns": ours_set_aside.COLUMNS,
        }
        return render(request, "set_aside.html", context)

    return [path("spend", register), path("spend/files/<uuid:file_id>/set-aside", set_aside)]


def sign_in() -> str:
    """Create Django's own tables and a person, sign them in, return the cookie of their session."""
    configure()
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    person, _ = get_user_model().objects.get_or_create(username=USER, first_name="Olivia", last_name="Marsh")
    client = Client()
    client.force_login(person)
    return f"sessionid={client.cookies['sessionid'].value}"


if __name__ == "__main__":
    print(sign_in())
